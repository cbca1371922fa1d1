using Strata.Contracts.Events.V1;

namespace Strata.Ingestion.Cleaning.Core;

/// <summary>What gave a robot away.</summary>
internal enum BotSign
{
    /// <summary>Nothing: a person, as far as can be told.</summary>
    None,

    /// <summary>More acts in a minute than a person does.</summary>
    Rate,

    /// <summary>Many acts in a row at one and the same distance.</summary>
    Regularity,
}

/// <summary>
/// One user's beat: how much they did lately (a leaking bucket) and how evenly, by the events' own time. Four numbers a user. Pure.
/// </summary>
internal struct UserBeat
{
    private const double MinuteMs = 60_000;

    private double _level;
    private long _lastMs;
    private int _regular;
    private double _meanMs;
    private bool _basket;

    /// <summary>Counts an act.</summary>
    /// <param name="kind">What it was.</param>
    /// <param name="timeMs">When, in milliseconds since 1970.</param>
    /// <param name="options">What is no person's any more.</param>
    public BotSign Step(EventKind kind, long timeMs, BotsOptions options)
    {
        // The lines of a basket are written down at one time: one act.
        var basket = kind is EventKind.Cart or EventKind.Purchase;
        var begun = _level > 0 || _lastMs != 0;
        var same = begun && basket && _basket && timeMs == _lastMs;
        if (!same)
        {
            Count(timeMs, begun, options);
        }

        _basket = basket;
        return _level > options.ActsPerMinute ? BotSign.Rate
            : _regular >= options.RegularActs ? BotSign.Regularity
            : BotSign.None;
    }

    private void Count(long timeMs, bool begun, BotsOptions options)
    {
        // A late event takes nothing off, and says nothing about the distance.
        var gapMs = begun ? Math.Max(0, timeMs - _lastMs) : 0;
        _level = Math.Max(0, _level - (gapMs * options.ActsPerMinute / MinuteMs));

        // Whoever goes on while set aside stays so: up to a minute of rest is asked for.
        _level = Math.Min(_level + 1, 2.0 * options.ActsPerMinute);
        _lastMs = Math.Max(_lastMs, timeMs);
        if (gapMs == 0)
        {
            return;
        }

        if (gapMs > options.RegularMax.TotalMilliseconds)
        {
            (_regular, _meanMs) = (0, 0);
        }
        else if (_regular > 0 && Math.Abs(gapMs - _meanMs) <= options.RegularTolerance * _meanMs)
        {
            _regular = Math.Min(_regular + 1, options.RegularActs);
            _meanMs += (gapMs - _meanMs) / _regular;
        }
        else
        {
            (_regular, _meanMs) = (1, gapMs);
        }
    }
}
