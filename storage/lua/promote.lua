-- Moves delayed duties whose time has come into the outbox.
-- KEYS: due, outbox
-- ARGV: now, at most so many

local ready = redis.call('ZRANGE', KEYS[1], '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, ARGV[2])
for _, duty in ipairs(ready) do
  redis.call('XADD', KEYS[2], '*', 'd', duty)
  redis.call('ZREM', KEYS[1], duty)
end
return #ready
