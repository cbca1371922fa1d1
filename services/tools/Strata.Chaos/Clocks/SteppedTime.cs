using System.Globalization;

namespace Strata.Chaos.Clocks;

/// <summary>
/// The system's time, with a wall clock that is as wrong as a file says, read once a second. Timers and timestamps are the system's: a
/// step leaves monotonic clocks alone.
/// </summary>
/// <param name="file">Seconds that the wall clock is ahead.</param>
internal sealed class SteppedTime(string file) : TimeProvider
{
    private readonly Lock _lock = new();
    private long _readAt = long.MinValue;
    private string _text = "";
    private TimeSpan _offset;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            var now = GetTimestamp();
            if (_readAt == long.MinValue || GetElapsedTime(_readAt, now) > TimeSpan.FromSeconds(1))
            {
                _readAt = now;
                Read();
            }

            return base.GetUtcNow() + _offset;
        }
    }

    private void Read()
    {
        var text = File.ReadAllText(file);
        if (text != _text && int.TryParse(text, CultureInfo.InvariantCulture, out var seconds))
        {
            (_text, _offset) = (text, TimeSpan.FromSeconds(seconds));
            File.WriteAllText(WallClock.ToldIn(file), text);
        }
    }
}
