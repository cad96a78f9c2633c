-- Deletes a conversation with its keys, its place in the queue and its delayed duties. Duties that are already in the
-- outbox hold ids only; whoever takes one finds no conversation. Of one with a page the id stays: it was not lost.
-- KEYS: conversation, due, waiting, deleted, queue, over
-- ARGV: conversation id, channel, 1 if it had a page

local kept = redis.call('HGETALL', KEYS[1])
if #kept == 0 then return 0 end
for i = 1, #kept, 2 do
  if string.sub(kept[i], 1, 2) == 'd:' then redis.call('ZREM', KEYS[2], kept[i + 1]) end
end
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('HDEL', KEYS[5], ARGV[1])
if ARGV[3] == '1' then redis.call('SADD', KEYS[6], ARGV[1]) end
redis.call('HINCRBY', KEYS[4], 'all', 1)
redis.call('PUBLISH', ARGV[2], ARGV[1])
return 1
