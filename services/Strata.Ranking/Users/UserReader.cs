using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Registry;
using Strata.Contracts;
using Strata.Contracts.State.V1;
using Strata.Ranking.Users.Core;
using Strata.ServiceDefaults.Redis;
using Strata.ServiceDefaults.State;

namespace Strata.Ranking.Users;

/// <summary>What was read of a user.</summary>
/// <param name="State">Their state; <see cref="UserState.Unknown"/> when there is none or it could not be read.</param>
/// <param name="Answered">The store answered in time.</param>
internal readonly record struct UserReading(UserState State, bool Answered);

/// <summary>Reads a user's state in one round trip, and waits for an event when asked to.</summary>
internal sealed class UserReader(
    IStateStore store, ResiliencePipelineProvider<string> pipelines, IOptions<UserReaderOptions> options, TimeProvider time)
{
    /// <summary>Name of the pipeline of reads.</summary>
    public const string Pipeline = "ranking-store";

    /// <summary>Name of the pipeline of reads without which there is no answer.</summary>
    public const string RequiredPipeline = "ranking-store-required";

    private readonly ResiliencePipeline _pipeline = pipelines.GetPipeline(Pipeline);
    private readonly ResiliencePipeline _requiredPipeline = pipelines.GetPipeline(RequiredPipeline);
    private readonly UserReaderOptions _options = options.Value;

    /// <summary>Reads the state as it is, or once it knows the event of a token.</summary>
    public async ValueTask<UserReading> ReadAsync(string userId, AsOfToken? asOf, CancellationToken cancellationToken)
    {
        if (asOf is { } token)
        {
            return new UserReading(await ReadAsOfAsync(userId, token, cancellationToken), true);
        }

        return await TryReadAsync(_pipeline, userId, cancellationToken) is { } values
            ? new UserReading(Parse(values), true)
            : new UserReading(UserState.Unknown, false);
    }

    /// <summary>Reads the state for a request that has no answer without it. UNAVAILABLE when the store does not answer.</summary>
    public async ValueTask<UserState> RequireAsync(string userId, CancellationToken cancellationToken)
        => await TryReadAsync(_requiredPipeline, userId, cancellationToken) is { } values
            ? Parse(values)
            : throw new RpcException(new Status(StatusCode.Unavailable, "The online store does not answer; try again."));

    /// <summary>Reads the state once it knows the token's event. DEADLINE_EXCEEDED when it does not in time.</summary>
    public async ValueTask<UserState> ReadAsOfAsync(string userId, AsOfToken token, CancellationToken cancellationToken)
    {
        using var expiry = new CancellationTokenSource(_options.AsOfTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, expiry.Token);
        var pause = _options.AsOfPoll;
        try
        {
            while (true)
            {
                if (await TryReadAsync(_pipeline, userId, both.Token) is { } values
                    && FencedValue.ReadFence(values[0]).Holds(token.Log, token.Offset))
                {
                    return Parse(values);
                }

                await Task.Delay(pause, time, both.Token);
                pause = TimeSpan.FromTicks(Math.Min((long)(pause.Ticks * 1.5), _options.AsOfPoll.Ticks * 10));
            }
        }
        catch (OperationCanceledException) when (expiry.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new RpcException(new Status(
                StatusCode.DeadlineExceeded,
                $"as_of: the event at {token} has not reached the profile within {_options.AsOfTimeout}. "
                    + "Try again, or leave as_of empty for the newest state known."));
        }
    }

    private static UserState Parse(IReadOnlyList<ReadOnlyMemory<byte>?> values) => new(
        Parse(Profile.Parser, values[0]),
        Parse(UserLayers.Parser, values[1]),
        Parse(UserPolicy.Parser, values[2]));

    private static T? Parse<T>(MessageParser<T> parser, ReadOnlyMemory<byte>? value)
        where T : class, IMessage<T>
        => value is { Length: > 0 } ? parser.ParseFrom(FencedValue.Payload(value).Span) : null;

    private async ValueTask<IReadOnlyList<ReadOnlyMemory<byte>?>?> TryReadAsync(
        ResiliencePipeline pipeline, string userId, CancellationToken cancellationToken)
    {
        string[] keys = [Keys.Profile(userId), Keys.UserLayers(userId), Keys.UserPolicy(userId)];
        try
        {
            return await pipeline.ExecuteAsync(
                static (read, token) => read.store.ReadAsync(read.keys, token), (store, keys), cancellationToken);
        }
        catch (Exception fault) when (RedisFaults.IsUnavailable(fault))
        {
            return null;
        }
    }
}
