"""Lists of sources as other programs have them: bytes to sources and back. Pure."""
