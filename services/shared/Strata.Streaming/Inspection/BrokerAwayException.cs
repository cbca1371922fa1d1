namespace Strata.Streaming.Inspection;

/// <summary>A broker does not answer, or answers that it does not let the caller in.</summary>
/// <param name="message">What was asked of whom, and what came back.</param>
/// <param name="refused">True when it was reached and refuses the credentials or the certificate.</param>
/// <param name="inner">What the client said.</param>
public sealed class BrokerAwayException(string message, bool refused, Exception inner) : TimeoutException(message, inner)
{
    /// <summary>Whether it was reached and refuses.</summary>
    public bool Refused => refused;
}
