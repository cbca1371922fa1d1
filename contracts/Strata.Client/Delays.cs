namespace Strata.Client;

/// <summary>Waiting by a clock that may be another than the machine's.</summary>
internal static class Delays
{
    /// <summary>Ends after a time, or cancelled with the token.</summary>
    public static async Task DelayAsync(this TimeProvider time, TimeSpan delay, CancellationToken cancellationToken)
    {
#if NET8_0_OR_GREATER
        await Task.Delay(delay, time, cancellationToken).ConfigureAwait(false);
#else
        await TimeProviderTaskExtensions.Delay(time, delay, cancellationToken).ConfigureAwait(false);
#endif
    }
}
