-- Takes a duty that was carried out off the books, unless it is owed again with other words.
-- KEYS: outbox, conversation
-- ARGV: group, entry, field, duty

redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
redis.call('XDEL', KEYS[1], ARGV[2])
if redis.call('HGET', KEYS[2], ARGV[3]) == ARGV[4] then redis.call('HDEL', KEYS[2], ARGV[3]) end
return 1
