-- Begins a session.
-- KEYS: session
-- ARGV: member, now, idle seconds

redis.call('HSET', KEYS[1], 'member', ARGV[1], 'opened', ARGV[2], 'seen', ARGV[2])
redis.call('PEXPIRE', KEYS[1], math.ceil(ARGV[3] * 1000))
return 1
