-- Appends a value to a list that holds exactly so many.
-- KEYS: list
-- ARGV: how many it must hold, the value
-- Answers 1, or 0 where somebody else was first.

if redis.call('LLEN', KEYS[1]) ~= tonumber(ARGV[1]) then
  return 0
end
redis.call('RPUSH', KEYS[1], ARGV[2])
return 1
