"""HTTP over sockets: a server, its connections, and the turns in which they are answered."""
