"""What Firebase loads for the codebase `ml`."""

from ml.main import assign, learn, recluster, score, texts  # noqa: F401
