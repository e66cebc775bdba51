"""From records to documents: clean, fold, plan, count."""
