# The notebooks in JupyterLab, with the versions of the lock:
#   docker build --tag analysis . && docker run --rm --publish 127.0.0.1:8888:8888 analysis
FROM python:3.11-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git make \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home reader
WORKDIR /home/reader/analysis
COPY --chown=reader . .
USER reader
RUN make setup
EXPOSE 8888
CMD [".venv/bin/python", "-m", "jupyterlab", "--ip=0.0.0.0", "--no-browser", "notebooks"]
