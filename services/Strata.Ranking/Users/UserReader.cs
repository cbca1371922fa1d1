using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Registry;
using Strata.Contracts;
using Strata.Contracts.State.V1;
using Strata.Edge.Consents;
using Strata.Ranking.Users.Core;
using Strata.ServiceDefaults.Redis;
using Strata.ServiceDefaults.State;

namespace Strata.Ranking.Users;

/// <summary>What was read of a user.</summary>
/// <param name="State">Their state; <see cref="UserState.Unknown"/> when there is none or it could not be read.</param>
/// <param name="Answered">The store answered in time.</param>
/// <param name="Unreadable">A value of theirs cannot be used; its owner builds it anew.</param>
internal readonly record struct UserReading(UserState State, bool Answered, bool Unreadable);

/// <summary>Reads a user's state in one round trip, and waits for an event when asked to.</summary>
internal sealed class UserReader(
    IStateStore store,
    UserConsents consents,
    ResiliencePipelineProvider<string> pipelines,
    IOptions<UserReaderOptions> options,
    TimeProvider time,
    UsersMetrics metrics,
    ILogger<UserReader> logger)
{
    /// <summary>Name of the pipeline of reads.</summary>
    public const string Pipeline = "ranking-store";

    /// <summary>Name of the pipeline of reads without which there is no answer.</summary>
    public const string RequiredPipeline = "ranking-store-required";

    /// <summary>What is read of nobody, and of who does not want to be known.</summary>
    public static readonly UserReading Nobody = new(UserState.Unknown, Answered: true, Unreadable: false);

    private readonly ResiliencePipeline _pipeline = pipelines.GetPipeline(Pipeline);
    private readonly ResiliencePipeline _requiredPipeline = pipelines.GetPipeline(RequiredPipeline);
    private readonly UserReaderOptions _options = options.Value;

    /// <summary>Reads the state as it is, or once it knows the event of a token.</summary>
    public async ValueTask<UserReading> ReadAsync(string userId, AsOfToken? asOf, CancellationToken cancellationToken)
    {
        if (asOf is { } token)
        {
            return await ReadAsOfAsync(userId, token, cancellationToken);
        }

        return userId.Length == 0 || IsStranger(userId) ? Nobody
            : await TryReadAsync(_pipeline, userId, cancellationToken) is { } values ? Parse(userId, values)
            : new UserReading(UserState.Unknown, Answered: false, Unreadable: false);
    }

    /// <summary>True once it is known what users allow: nobody is read before.</summary>
    public bool IsReady => consents.IsComplete;

    /// <summary>The user does not want to be known: what is held of them is not read for their slates, and nothing is written.</summary>
    public bool IsStranger(string userId) => !consents.Of(userId).Personalise;

    /// <summary>Reads the state for a request that has no answer without it. UNAVAILABLE when the store does not answer.</summary>
    public ValueTask<UserState> RequireAsync(string userId, CancellationToken cancellationToken)
        => IsStranger(userId) ? ValueTask.FromResult(UserState.Unknown) : RequireHeldAsync(userId, cancellationToken);

    /// <summary>The same, whatever the user allows: for showing them what is held.</summary>
    public async ValueTask<UserState> RequireHeldAsync(string userId, CancellationToken cancellationToken)
        => await TryReadAsync(_requiredPipeline, userId, cancellationToken) is { } values
            ? Parse(userId, values).State
            : throw NoStore();

    /// <summary>Reads any values for a request that has no answer without them. UNAVAILABLE when the store does not answer.</summary>
    public async ValueTask<IReadOnlyList<ReadOnlyMemory<byte>?>> RequireValuesAsync(
        IReadOnlyList<string> keys, CancellationToken cancellationToken)
        => await TryReadAsync(_requiredPipeline, keys, cancellationToken) ?? throw NoStore();

    /// <summary>Reads the state once it knows the token's event. DEADLINE_EXCEEDED when it does not in time.</summary>
    public async ValueTask<UserReading> ReadAsOfAsync(string userId, AsOfToken token, CancellationToken cancellationToken)
    {
        if (IsStranger(userId))
        {
            return Nobody;
        }

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
                    return Parse(userId, values);
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

    // One value that cannot be used takes nothing else of the user with it, nor anybody else. Setting it aside is its owner's right.
    private UserReading Parse(string userId, IReadOnlyList<ReadOnlyMemory<byte>?> values)
    {
        var unreadable = false;
        var state = new UserState(
            Parse(Profile.Parser, Keys.Profile(userId), values[0], ref unreadable),
            Parse(UserLayers.Parser, Keys.UserLayers(userId), values[1], ref unreadable),
            Parse(UserPolicy.Parser, Keys.UserPolicy(userId), values[2], ref unreadable));
        return new UserReading(state, Answered: true, unreadable);
    }

    private T? Parse<T>(MessageParser<T> parser, string key, ReadOnlyMemory<byte>? value, ref bool unreadable)
        where T : class, IMessage<T>
    {
        if (!StoredMessages.TryRead(value, parser, out var stored, out var reason))
        {
            unreadable = true;
            metrics.Unreadable(Keys.KindOf(key));
            logger.Unreadable(Keys.KindOf(key), KeyHashes.Of(key), reason);
        }

        return stored.Message;
    }

    private static RpcException NoStore() => new(new Status(StatusCode.Unavailable, "The online store does not answer; try again."));

    private ValueTask<IReadOnlyList<ReadOnlyMemory<byte>?>?> TryReadAsync(
        ResiliencePipeline pipeline, string userId, CancellationToken cancellationToken)
        => TryReadAsync(pipeline, [Keys.Profile(userId), Keys.UserLayers(userId), Keys.UserPolicy(userId)], cancellationToken);

    private async ValueTask<IReadOnlyList<ReadOnlyMemory<byte>?>?> TryReadAsync(
        ResiliencePipeline pipeline, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
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
