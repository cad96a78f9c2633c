"""A closed case in the terms of FHIR R4 (4.0.1), for the clinic's own records."""
