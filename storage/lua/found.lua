-- Writes two fields of a hash, unless it is there already.
-- KEYS: hash
-- ARGV: field, value, field, value
-- Answers the two values that it holds now.

if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('HSET', KEYS[1], unpack(ARGV)) end
return redis.call('HMGET', KEYS[1], ARGV[1], ARGV[3])
