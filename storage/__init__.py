"""The small database: tables, one repository a concept, and the two engines that run a use case in one transaction."""
