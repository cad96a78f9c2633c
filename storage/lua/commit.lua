-- One turn in one step: the conversation's next version, its duties, its place in the queue, and word of the change.
-- KEYS: conversation, outbox, due, waiting, queue, figures
-- ARGV: version before, version, digest, wrapped key, sealed state, rank or '', conversation id, channel, place or '',
--       figures, '' for none or '-' to forget them, digest of the version before or '' where it is not known,
--       then for each duty: field, duty, due time or '' when it is due now
-- Answers 'ok', 'already' (this very commit was made before and its answer was lost) or 'conflict' (nothing written).

local conversation, outbox, due, waiting = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local held = redis.call('HMGET', conversation, 'v', 'n')
local version = held[1] or '0'

if version == ARGV[2] and held[2] == ARGV[3] then return 'already' end
if version ~= ARGV[1] or (ARGV[11] ~= '' and held[2] ~= ARGV[11]) then return 'conflict' end

-- Duties first: should a write fail half-way, a duty without its turn is looked at in vain, none is lost.
for i = 12, #ARGV, 3 do
  local field, duty, at = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local owed = redis.call('HGET', conversation, field)
  if owed ~= duty then
    if owed then redis.call('ZREM', due, owed) end
    if at == '' then
      redis.call('XADD', outbox, '*', 'd', duty)
    else
      redis.call('ZADD', due, at, duty)
    end
    redis.call('HSET', conversation, field, duty)
  end
end

if ARGV[6] == '' then
  redis.call('ZREM', waiting, ARGV[7])
  redis.call('HDEL', KEYS[5], ARGV[7])
else
  redis.call('ZADD', waiting, ARGV[6], ARGV[7])
  redis.call('HSET', KEYS[5], ARGV[7], ARGV[9])
end
if ARGV[10] == '-' then
  redis.call('HDEL', KEYS[6], ARGV[7])
elseif ARGV[10] ~= '' then
  redis.call('HSET', KEYS[6], ARGV[7], ARGV[10])
end
redis.call('HSET', conversation, 'v', ARGV[2], 'n', ARGV[3], 'k', ARGV[4], 's', ARGV[5])
redis.call('PUBLISH', ARGV[8], ARGV[7])
return 'ok'
