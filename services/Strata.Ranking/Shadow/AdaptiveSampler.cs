namespace Strata.Ranking.Shadow;

/// <summary>
/// Takes a share of what arrives such that about a given number a second is taken: the rate is estimated each second, the share follows,
/// and within a second never more than twice the target is taken, so that a burst does not outrun the estimate. Thread-safe.
/// </summary>
internal sealed class AdaptiveSampler(double targetPerSecond, double maxShare, TimeProvider clock, Random random)
{
    private const double Smoothing = 0.5;

    private readonly Lock _gate = new();
    private long _second = clock.GetTimestamp();
    private double _rate;
    private int _arrived;
    private int _taken;

    /// <summary>Whether the next arrival is taken.</summary>
    public bool Take()
    {
        lock (_gate)
        {
            var elapsed = clock.GetElapsedTime(_second).TotalSeconds;
            if (elapsed >= 1)
            {
                var newest = _arrived / elapsed;
                _rate = _rate == 0 ? newest : _rate + (Smoothing * (newest - _rate));
                (_second, _arrived, _taken) = (clock.GetTimestamp(), 0, 0);
            }

            _arrived++;
            var share = _rate > targetPerSecond ? Math.Min(maxShare, targetPerSecond / _rate) : maxShare;
            if (_taken >= 2 * targetPerSecond || random.NextDouble() >= share)
            {
                return false;
            }

            _taken++;
            return true;
        }
    }
}
