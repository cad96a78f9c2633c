-- Moves a duty from the outbox back among the delayed ones. If a later turn owes it again, that one counts.
-- KEYS: outbox, conversation, due
-- ARGV: group, entry, field, duty, the duty with its new time, that time

redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
redis.call('XDEL', KEYS[1], ARGV[2])
local owed = redis.call('HGET', KEYS[2], ARGV[3])
if owed and owed ~= ARGV[4] then return 0 end
if owed then redis.call('HSET', KEYS[2], ARGV[3], ARGV[5]) end
redis.call('ZADD', KEYS[3], ARGV[6], ARGV[5])
return 1
