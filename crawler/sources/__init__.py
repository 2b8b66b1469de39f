"""The publications that an archive follows, as its operator handles them: probed, added, edited, brought in and out."""
