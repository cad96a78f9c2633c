-- Puts another member into a session that has not ended.
-- KEYS: session
-- ARGV: member

if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'member', ARGV[1])
return 1
