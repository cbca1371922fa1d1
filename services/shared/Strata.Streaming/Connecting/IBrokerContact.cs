namespace Strata.Streaming.Connecting;

/// <summary>Whether the broker is there. What is read and sent says so only while something is.</summary>
public interface IBrokerContact
{
    /// <summary>Time since the broker last answered.</summary>
    TimeSpan Silence { get; }

    /// <summary>True when it has been silent for longer than ten seconds.</summary>
    bool IsAway { get; }
}
