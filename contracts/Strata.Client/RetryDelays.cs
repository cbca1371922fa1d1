using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace Strata.Client;

/// <summary>Whether and when a call is made again. Pure but for the chance it is given.</summary>
internal sealed class RetryDelays(Random chance)
{
    private const string DetailsTrailer = "grpc-status-details-bin";

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestTold = TimeSpan.FromMinutes(1);

    /// <summary>
    /// True when the same call may succeed later. A call that is too much for now says when to come again; one that is too large does not.
    /// </summary>
    public static bool IsWorthIt(RpcException fault)
        => fault.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded
            || (fault.StatusCode == StatusCode.ResourceExhausted && Told(fault) is not null);

    /// <summary>True when the same event may be taken later.</summary>
    public static bool IsWorthIt(StatusCode rejection) => rejection is StatusCode.Unavailable or StatusCode.ResourceExhausted;

    /// <summary>
    /// How long to wait before the next try: what the answer says (google.rpc.RetryInfo), up to a minute, and up to a fifth more; or else
    /// 100 ms, doubled with each try up to 10 s, of which chance takes up to a half.
    /// </summary>
    /// <param name="tries">Tries so far, at least 1.</param>
    /// <param name="fault">What the last one ended with; null: a rejection within an answer, which says no time.</param>
    public TimeSpan After(int tries, RpcException? fault = null)
    {
        if (fault is not null && Told(fault) is { } told)
        {
            return told + Of(told, .2 * chance.NextDouble());
        }

        var doubled = Math.Min(Longest.TotalMilliseconds, First.TotalMilliseconds * Math.Pow(2, tries - 1));
        return TimeSpan.FromMilliseconds(doubled * (1 - (chance.NextDouble() / 2)));
    }

    private static TimeSpan Of(TimeSpan time, double share) => TimeSpan.FromTicks((long)(time.Ticks * share));

    private static TimeSpan? Told(RpcException fault)
    {
        try
        {
            var details = fault.Trailers.GetValueBytes(DetailsTrailer);
            var any = details is null ? null : Google.Rpc.Status.Parser.ParseFrom(details).Details
                .FirstOrDefault(detail => detail.Is(RetryInfo.Descriptor));
            return any?.Unpack<RetryInfo>().RetryDelay is { } told
                ? TimeSpan.FromSeconds(Math.Min(LongestTold.TotalSeconds, Math.Max(0, told.Seconds + (told.Nanos / 1e9))))
                : null;
        }
        catch (Exception odd) when (odd is InvalidProtocolBufferException or FormatException or InvalidOperationException)
        {
            return null; // what a proxy has put there says nothing
        }
    }
}
