namespace Strata.Clustering.Naming.Core;

/// <summary>At most so many calls within any hour. Time is an argument. Not for several threads at once.</summary>
internal sealed class TitleBudget(int callsPerHour)
{
    private readonly Queue<DateTimeOffset> _calls = new();

    /// <summary>Takes one call; false when the last hour has had all of them.</summary>
    public bool TryTake(DateTimeOffset now)
    {
        while (_calls.TryPeek(out var oldest) && now - oldest >= TimeSpan.FromHours(1))
        {
            _calls.Dequeue();
        }

        if (_calls.Count >= callsPerHour)
        {
            return false;
        }

        _calls.Enqueue(now);
        return true;
    }
}
