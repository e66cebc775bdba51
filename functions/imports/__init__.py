"""Files that people upload: columns matched, rows parsed, chunks kept and worked off through the same intake as
all else."""
