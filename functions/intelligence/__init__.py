"""What members do with what models found: care cases, insights, evidence, training settings, versions of models."""
