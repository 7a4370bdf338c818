from pathlib import Path

from workbench.serving.environment import readers_environment

GIVEN = {
    "PATH": "/bin",
    "PYTHONPATH": "/lib",
    "WORKBENCH_STATE": "postgresql://host/name",
    "WORKBENCH_TOKEN": "t",
    "WORKBENCH_SMTP_URL": "smtp://name:password@host",
    "JUPYTER_TOKEN": "t",
    "JUPYTER_RUNTIME_DIR": "/run",
    "CONDA_API_KEY": "k",
    "PYTHON_KEYRING_PASSWORD": "p",
    "AWS_SECRET_ACCESS_KEY": "k",
    "WORKBENCH_ROLE": "editor",
    "WORKBENCH_USER": "ann",
    "WORKBENCH_MEDIA_HOSTS": "media.example.org",
    "WORKBENCH_GATED": "",
    "JUPYTERHUB_USER": "ben",
}


def test_readers_get_what_programs_need_and_nothing_secret():
    assert readers_environment(GIVEN, Path("/calls")) == {
        "PATH": "/bin",
        "PYTHONPATH": "/lib",
        "JUPYTER_RUNTIME_DIR": "/run",
        "WORKBENCH_STATE": "postgresql://host/name",
        "WORKBENCH_MEDIA_HOSTS": "media.example.org",
        "WORKBENCH_WORKSPACE": "/calls",
        "WORKBENCH_ROLE": "reader",
        "WORKBENCH_GATED": "1",
        "JUPYTERHUB_USER": "ben",
    }
