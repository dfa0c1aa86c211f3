"""The public face can be discovered: by ``dir``, by completion, by type checkers."""

import ast
import inspect
from importlib import import_module
from pathlib import Path

import jedi
import pytest

import analysis
from analysis.result import Result

HOME = Path(analysis.__file__).parent
SOURCE = Path(analysis.__file__).read_text(encoding="utf-8")
FUNCTIONS = """describe keyness load_corpus load_folders load_table load_texts look sentiment
    topics""".split()


def test_dir_shows_the_public_face_and_nothing_else():
    assert dir(analysis) == sorted([*FUNCTIONS, "InputError", "__version__"])
    assert set(dir(analysis)) == {*analysis.__all__, "__version__"}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_has_a_signature_and_a_docstring(name):
    function = getattr(analysis, name)
    parameters = inspect.signature(function).parameters.values()
    assert [p.name for p in parameters if p.annotation is inspect.Parameter.empty] == []
    assert len(inspect.getdoc(function)) > 200
    assert "Parameters\n-----" in inspect.getdoc(function)


@pytest.mark.parametrize("name", ["describe", "keyness", "sentiment", "topics"])
def test_an_analysis_says_that_it_gives_a_result(name):
    function = getattr(analysis, name)
    assert inspect.signature(function).return_annotation is Result
    assert inspect.get_annotations(function)["return"] is Result


def test_type_checkers_read_what_the_code_does():
    """The imports that only type checkers see name the homes from which functions are loaded."""
    (block,) = [node for node in ast.parse(SOURCE).body if isinstance(node, ast.If)]
    assert ast.unparse(block.test) == "TYPE_CHECKING"
    seen = {alias.name: node.module for node in block.body for alias in node.names}
    assert seen == analysis._HOME
    assert sorted(seen) == sorted(analysis.__all__)


def test_editors_complete_the_names():
    script = jedi.Script("import analysis\nanalysis.")
    assert {found.name for found in script.complete(2, 9)} >= set(analysis.__all__)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_editors_show_how_to_call(name):
    (found,) = jedi.Script(f"from analysis import {name}\n{name}(").get_signatures(2, len(name) + 1)
    assert [p.name for p in found.params] == list(
        inspect.signature(getattr(analysis, name)).parameters
    )
    assert found.docstring()


@pytest.mark.parametrize("room", sorted(path.parent for path in HOME.rglob("__init__.py")), ids=str)
def test_no_function_of_a_room_hides_a_module_of_it(room):
    """``from analysis.text import load`` would be a function, ``analysis.text.load`` a module."""
    package = import_module(".".join(room.relative_to(HOME.parent).parts))
    named = set(getattr(package, "__all__", ()))
    assert named & {path.stem for path in room.glob("[!_]*")} == set()


def test_the_package_says_that_it_is_typed():
    assert Path(analysis.__file__).with_name("py.typed").is_file()
