-- The conversation that a telephone is in, after it was put into a new one unless it is in another than it may leave.
-- KEYS: telephone
-- ARGV: conversation, the one it may leave ('' for none), seconds to keep

local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[2] then
  return held
end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[3])
return ARGV[1]
