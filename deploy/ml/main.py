"""What Firebase loads for the codebase `ml`."""

from ml.main import assign, recluster  # noqa: F401
