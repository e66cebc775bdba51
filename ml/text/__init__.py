"""Reading what customers say: language, sentiment, emotions, personality, and the words that moved a score.

Run time is onnxruntime, tokenizers and numpy. The models are artefacts in `ml/models/`, made by `ml/training`.
"""
