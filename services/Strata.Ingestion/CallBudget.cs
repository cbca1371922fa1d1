using Grpc.Core;

namespace Strata.Ingestion;

/// <summary>
/// Answers before the caller's deadline. A caller whose deadline passed knows nothing; one that is told in time what to do sends again.
/// </summary>
internal static class CallBudget
{
    /// <summary>What is said to a caller whose time is over.</summary>
    public const string Over = "The broker did not acknowledge in time. Send the same request again, with the same ids: it counts once.";

    /// <summary>Share of the caller's time after which the broker is not waited for any longer.</summary>
    private const double Share = .9;

    /// <summary>Runs a call with a token that ends shortly before the deadline: then it ends with UNAVAILABLE.</summary>
    public static async Task<T> RunAsync<T>(ServerCallContext context, Func<CancellationToken, Task<T>> call)
    {
        if (context.Deadline == DateTime.MaxValue)
        {
            return await call(context.CancellationToken);
        }

        // Deadlines are the wall clock's, whatever clock the service goes by.
        var left = (context.Deadline - TimeProvider.System.GetUtcNow().UtcDateTime) * Share;
        using var budget = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, budget.Token);
        try
        {
            return await call(either.Token);
        }
        catch (OperationCanceledException) when (budget.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, Over));
        }
    }
}
