from __future__ import annotations

import os

from slint.report.repository import Repository


def test_paths_are_relative_to_the_top_of_the_git_repository(tmp_path):
    (tmp_path / "shop/.git").mkdir(parents=True)
    folder = tmp_path / "shop/services/orders"
    folder.mkdir(parents=True)
    found = Repository.around(str(folder), str(folder))
    assert found.path("app.py") == "services/orders/app.py"
    assert found.path("../billing/app.py") == "services/billing/app.py"
    assert found.path(".") == "services/orders"


def test_a_worktree_has_a_file_called_git(tmp_path):
    (tmp_path / ".git").write_text("gitdir: elsewhere\n")
    (tmp_path / "src").mkdir()
    assert Repository.around(str(tmp_path / "src"), str(tmp_path / "src")).path("app.py") == "src/app.py"


def test_the_repository_is_the_one_that_was_checked(tmp_path):
    (tmp_path / "shop/.git").mkdir(parents=True)
    assert Repository.around(str(tmp_path / "shop"), str(tmp_path)).path("shop/app.py") == "app.py"


def test_outside_of_git_the_working_directory_counts(tmp_path):
    found = Repository.around(str(tmp_path), str(tmp_path))
    assert found.path("src/app.py") == "src/app.py"
    assert found.path("../other.py") == os.path.realpath(tmp_path.parent / "other.py")


def test_a_folder_elsewhere_stands_for_itself(tmp_path):
    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()
    found = Repository.around(str(tmp_path / "there"), str(tmp_path / "here"))
    assert found.path("../there/app.py") == "app.py"


def test_links_are_followed_within_the_repository(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "real.py").write_text("")
    (tmp_path / "link.py").symlink_to("real.py")
    (tmp_path / "out.py").symlink_to(tmp_path.parent / "gone.py")
    found = Repository.around(str(tmp_path), str(tmp_path))
    assert found.path("link.py") == "real.py"
    assert found.path("out.py") == "out.py"


def test_a_repository_reached_through_a_link_is_the_same(tmp_path):
    (tmp_path / "shop/.git").mkdir(parents=True)
    (tmp_path / "shop/app.py").write_text("")
    (tmp_path / "alias").symlink_to("shop")
    assert Repository.around(str(tmp_path / "alias"), str(tmp_path / "alias")).path("app.py") == "app.py"


def test_without_folders_shown_paths_stand():
    assert Repository.around("", "").path("../src/app.py") == "../src/app.py"
