-- Remembers a session by its person.
-- KEYS: sessions of the person
-- ARGV: session's key, longest seconds

redis.call('SADD', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[1], math.ceil(ARGV[2] * 1000))
return 1
