namespace Strata.ServiceDefaults.State;

/// <summary>
/// The Lua of the state store; the keys of a call lie in one hash slot, so that it runs on any shard. For each key 1 says that it is as the
/// caller wants it, 0 that another writer was there.
/// </summary>
internal static class StateScripts
{
    /// <summary>
    /// KEYS values. ARGV, four a key: header expected ('' = absent); length of the new header; new value, '' to delete; milliseconds that
    /// it is kept, 0: until it is deleted. Answers an array. Compares each stored header with the expected one; a header that is the new
    /// one already means that an earlier attempt came through. −1: the key holds no string, so it is nobody's value.
    /// </summary>
    public const string Write = """
        local answers = {}
        for i, key in ipairs(KEYS) do
          local expected, size, value, kept = ARGV[4 * i - 3], tonumber(ARGV[4 * i - 2]), ARGV[4 * i - 1], ARGV[4 * i]
          local have = redis.pcall('GETRANGE', key, 0, math.max(#expected, size, 1) - 1)
          if type(have) == 'table' then
            answers[i] = -1
          elseif (#expected == 0 and have == '') or (#expected > 0 and string.sub(have, 1, #expected) == expected) then
            if #value == 0 then redis.call('DEL', key)
            elseif kept == '0' then redis.call('SET', key, value)
            else redis.call('SET', key, value, 'PX', kept) end
            answers[i] = 1
          elseif string.sub(have, 1, size) == string.sub(value, 1, size) and (size > 0 or have == '') then
            answers[i] = 1
          else
            answers[i] = 0
          end
        end
        return answers
        """;

    /// <summary>
    /// Which life of the server this is: another one after each start, and on a replica that takes over. '' where the server does not say.
    /// </summary>
    private const string Life = """
        local function life()
          local told = redis.pcall('INFO', 'server')
          return type(told) == 'string' and string.match(told, 'run_id:(%w+)') or ''
        end
        """;

    /// <summary>KEYS[1] position. Answers the server's life, and the position, nil where there is none.</summary>
    public const string Look = Life + """

        local have = redis.pcall('GET', KEYS[1])
        return { life(), type(have) == 'string' and have or false }
        """;

    /// <summary>
    /// KEYS[1] position. ARGV[1] the server's life when the values were written; ARGV[2] position expected ('' = none); ARGV[3] new one.
    /// 0: the server was started again since, or the position was moved, so what was written behind the expected one may be gone.
    /// </summary>
    public const string Seal = Life + """

        local have = redis.pcall('GET', KEYS[1])
        have = type(have) == 'string' and have or ''
        if life() ~= ARGV[1] or (have ~= ARGV[2] and have ~= ARGV[3]) then return 0 end
        redis.call('SET', KEYS[1], ARGV[3])
        return 1
        """;

    /// <summary>KEYS[1] key; KEYS[2] where it is set aside. ARGV[1] value expected ('' = any); ARGV[2] seconds that it is kept.</summary>
    public const string Rename = """
        if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
        if #ARGV[1] > 0 and redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        redis.call('RENAME', KEYS[1], KEYS[2])
        redis.call('EXPIRE', KEYS[2], ARGV[2])
        return 1
        """;

    /// <summary>KEYS[1] key. ARGV[1] value expected ('' = any).</summary>
    public const string Delete = """
        if #ARGV[1] > 0 and redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        return redis.call('DEL', KEYS[1])
        """;

    /// <summary>
    /// KEYS[1] hash. ARGV[1] fence expected ('' = none); ARGV[2] new fence; then field and amount in turn.
    /// A fence that is the new one already means that an earlier attempt came through: nothing is added again.
    /// </summary>
    public const string Increment = """
        local have = redis.call('HGET', KEYS[1], '#fence') or ''
        if have == ARGV[2] then return 1 end
        if have ~= ARGV[1] then return 0 end
        for i = 3, #ARGV, 2 do
          if tonumber(redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1])) == 0 then redis.call('HDEL', KEYS[1], ARGV[i]) end
        end
        redis.call('HSET', KEYS[1], '#fence', ARGV[2])
        return 1
        """;
}
