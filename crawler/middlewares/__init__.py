"""What stands between the frontier and the network: who may be asked, and how politely."""
