-- Whose session it is, nil when it has ended; keeps it awake.
-- KEYS: session
-- ARGV: now, idle seconds, longest seconds, '1' to keep it awake

local held = redis.call('HMGET', KEYS[1], 'member', 'opened', 'seen')
if not held[1] then return nil end
local now, idle = tonumber(ARGV[1]), tonumber(ARGV[2])
if now - held[3] >= idle or now - held[2] >= tonumber(ARGV[3]) then
  redis.call('DEL', KEYS[1])
  return nil
end
if ARGV[4] == '1' then
  redis.call('HSET', KEYS[1], 'seen', ARGV[1])
  redis.call('PEXPIRE', KEYS[1], math.ceil(idle * 1000))
end
return held[1]
