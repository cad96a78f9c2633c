-- Takes from a bucket of tokens (or gives back, with a negative cost). The key holds the time at which it is full.
-- KEYS: bucket
-- ARGV: now, tokens when full, seconds a token, cost
-- Answers the seconds to wait, '0' when the tokens were taken.

local now, burst, interval = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now) + ARGV[4] * interval
local wait = full - now - burst * interval
if wait > 0.000001 then return string.format('%.3f', wait) end
if full <= now then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], string.format('%.6f', full), 'PX', math.ceil((full - now) * 1000))
end
return '0'
