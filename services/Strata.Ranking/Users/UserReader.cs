using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Registry;
using Strata.Contracts;
using Strata.Contracts.State.V1;
using Strata.Edge.Consents;
using Strata.Ranking.Users.Core;
using Strata.ServiceDefaults.HandingOver;
using Strata.ServiceDefaults.Pseudonyms;
using Strata.ServiceDefaults.Redis;
using Strata.ServiceDefaults.State;

namespace Strata.Ranking.Users;

/// <summary>What was read of a user.</summary>
/// <param name="State">Their state; <see cref="UserState.Unknown"/> when there is none or it could not be read.</param>
/// <param name="Answered">The store answered in time.</param>
/// <param name="Unreadable">A value of theirs cannot be used; its owner builds it anew.</param>
internal readonly record struct UserReading(UserState State, bool Answered, bool Unreadable);

/// <summary>
/// Reads a user's state in one round trip, and waits for an event when asked to. Takes ids as callers send them. Of each value that under
/// the newest name counts; where there is none, that under the name before it.
/// </summary>
internal sealed class UserReader(
    IStateStore store,
    UserConsents consents,
    UserNames names,
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

    /// <summary>Values of a user under one name.</summary>
    private const int Kinds = 3;

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

        if (userId.Length == 0 || IsStranger(userId))
        {
            return Nobody;
        }

        var keys = KeysOf(userId);
        return await TryReadAsync(_pipeline, keys, cancellationToken) is { } values
            ? Parse(keys, values)
            : new UserReading(UserState.Unknown, Answered: false, Unreadable: false);
    }

    /// <summary>True once it is known what users allow: nobody is read before.</summary>
    public bool IsReady => consents.IsComplete;

    /// <summary>By which name something of the user's is written.</summary>
    public string NameOf(string userId) => names.Of(userId);

    /// <summary>The user does not want to be known: what is held of them is not read for their slates, and nothing is written.</summary>
    public bool IsStranger(string userId) => !consents.Of(userId).Personalise;

    /// <summary>Reads the state for a request that has no answer without it. UNAVAILABLE when the store does not answer.</summary>
    public ValueTask<UserState> RequireAsync(string userId, CancellationToken cancellationToken)
        => IsStranger(userId) ? ValueTask.FromResult(UserState.Unknown) : RequireHeldAsync(userId, cancellationToken);

    /// <summary>The same, whatever the user allows: for showing them what is held.</summary>
    public async ValueTask<UserState> RequireHeldAsync(string userId, CancellationToken cancellationToken)
    {
        var keys = KeysOf(userId);
        return await TryReadAsync(_requiredPipeline, keys, cancellationToken) is { } values ? Parse(keys, values).State : throw NoStore();
    }

    /// <summary>
    /// The same, name by name, the newest first, without what was handed over: there may be more than is read for slates.
    /// </summary>
    public async ValueTask<IReadOnlyList<(string Name, UserState State)>> RequireHeldByNameAsync(
        string userId, CancellationToken cancellationToken)
    {
        var all = names.AllOf(userId);
        var values = await RequireValuesAsync([.. all.SelectMany(HeldState.KeysOf)], cancellationToken);
        return
        [
            .. all.Select((name, i) =>
            {
                var held = values.Skip(i * Kinds).Take(Kinds)
                    .Select((value, kind) => HeldState.Holds(HeldState.Kinds[kind], value) ? value : null).ToArray();
                return (name, Parse(HeldState.KeysOf(name), held).State);
            }),
        ];
    }

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

        var keys = KeysOf(userId);
        using var expiry = new CancellationTokenSource(_options.AsOfTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, expiry.Token);
        var pause = _options.AsOfPoll;
        try
        {
            while (true)
            {
                if (await TryReadAsync(_pipeline, keys, both.Token) is { } values
                    && values.Chunk(Kinds).Any(held => FencedValue.ReadFence(held[0]).Holds(token.Log, token.Offset)))
                {
                    return Parse(keys, values);
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

    private string[] KeysOf(string userId)
        => [.. names.AllOf(userId).SelectMany(HeldState.KeysOf)];

    // One value that cannot be used takes nothing else of the user with it, nor anybody else. Setting it aside is its owner's right.
    private UserReading Parse(IReadOnlyList<string> keys, IReadOnlyList<ReadOnlyMemory<byte>?> values)
    {
        var unreadable = false;
        var state = new UserState(
            Parse(Profile.Parser, keys, values, 0, ref unreadable),
            Parse(UserLayers.Parser, keys, values, 1, ref unreadable),
            Parse(UserPolicy.Parser, keys, values, 2, ref unreadable));
        return new UserReading(state, Answered: true, unreadable);
    }

    private T? Parse<T>(
        MessageParser<T> parser,
        IReadOnlyList<string> keys,
        IReadOnlyList<ReadOnlyMemory<byte>?> values,
        int kind,
        ref bool unreadable)
        where T : class, IMessage<T>
    {
        var at = kind;
        while (values[at] is null && at + Kinds < values.Count)
        {
            at += Kinds;
        }

        var (key, value) = (keys[at], values[at]);
        if (!StoredMessages.TryRead(value, parser, out var stored, out var reason))
        {
            unreadable = true;
            metrics.Unreadable(Keys.KindOf(key));
            logger.Unreadable(Keys.KindOf(key), KeyHashes.Of(key), reason);
        }

        return stored.Message;
    }

    private static RpcException NoStore() => new(new Status(StatusCode.Unavailable, "The online store does not answer; try again."));

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
