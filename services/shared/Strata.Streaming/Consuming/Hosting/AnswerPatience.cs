namespace Strata.Streaming.Consuming.Hosting;

/// <summary>
/// How long a broker may take to say where logs end until it counts as away: a quarter of the stall limit, and after each time without an
/// answer twice as long, up to the limit. A slow broker that a new client has to connect to first would else count as away for ever, and no
/// stall would be seen.
/// </summary>
internal sealed class AnswerPatience(TimeSpan limit)
{
    private const int Parts = 4;

    /// <summary>For the next question.</summary>
    public TimeSpan Now { get; private set; } = limit / Parts;

    public void Answered() => Now = limit / Parts;

    public void Unanswered() => Now = Now * 2 < limit ? Now * 2 : limit;
}
