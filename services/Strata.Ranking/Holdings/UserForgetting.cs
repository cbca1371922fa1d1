using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Users.V1;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Holdings.Core;
using Strata.ServiceDefaults.Forgetting;
using Strata.ServiceDefaults.Pseudonyms;
using Strata.Streaming.Publishing;

namespace Strata.Ranking.Holdings;

/// <summary>
/// Forgets a user: says so in their events, behind which every owner of something of theirs follows, and puts a tombstone over their
/// attributes; then looks until all have done it.
/// </summary>
internal sealed class UserForgetting(
    IPublisher publisher,
    UserLook look,
    UserPlaces places,
    UserKeyRing keys,
    UserNames names,
    Catalogue catalogue,
    ForgetClock clock,
    IOptions<HoldingsOptions> options,
    TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>The receipt, once it is done.</summary>
    /// <param name="userId">Whom.</param>
    /// <param name="withConsent">What they allow is forgotten, too; else it is what is kept.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RpcException">FAILED_PRECONDITION: there is no key. DEADLINE_EXCEEDED: asked for, and not done yet.</exception>
    public async Task<Receipt> ForgetAsync(string userId, bool withConsent, CancellationToken cancellationToken)
    {
        if (keys.All is not [var key, ..])
        {
            throw new RpcException(new Status(
                StatusCode.FailedPrecondition,
                $"Nobody can be forgotten without a key that it is remembered by: set {UsersOptions.SectionName}:"
                    + $"{nameof(UsersOptions.KeysFile)} of every service to the same file of keys."));
        }

        // Whole milliseconds, which is what marks keep.
        var asked = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        var until = clock.Now() is { } now ? DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds()) : asked;
        await UntilForgottenAsync(
            userId,
            asked.ToUnixTimeMilliseconds(),
            name => OrderAsync(name, asked, until, withConsent, cancellationToken),
            cancellationToken);
        var done = time.GetUtcNow();
        var receipt = new Receipt
        {
            Asked = Timestamp.FromDateTimeOffset(asked),
            EventsUntil = Timestamp.FromDateTimeOffset(until),
            Done = Timestamp.FromDateTimeOffset(done),
        };
        receipt.Places.AddRange(UserPlaces.Deleted);
        receipt.Places.AddRange(await places.LogsAsync(done, cancellationToken));
        receipt.Places.Add(places.MarkUntil(done));
        return Receipts.Sign(receipt, userId, key);
    }

    private async Task OrderAsync(
        string name, DateTimeOffset asked, DateTimeOffset until, bool withConsent, CancellationToken cancellationToken)
    {
        var order = new UserEvent
        {
            EventId = Guid.CreateVersion7(asked).ToString(),
            UserId = name,
            Kind = EventKind.Forget,
            EventTime = Timestamp.FromDateTimeOffset(until),
            ReceivedTime = Timestamp.FromDateTimeOffset(asked),
        };
        await publisher.PublishAsync(Topics.Users, name, null, asked, cancellationToken);
        if (withConsent)
        {
            await publisher.PublishAsync(Topics.Consents, name, null, asked, cancellationToken);
        }

        await publisher.PublishAsync(Topics.Events, name, order, until, cancellationToken);
    }

    private async Task UntilForgottenAsync(
        string userId, long askedUnixMs, Func<string, Task> order, CancellationToken cancellationToken)
    {
        var ordered = new List<string>();
        for (var start = time.GetTimestamp(); ;)
        {
            // A key may have come in the meantime: what is held, or arrives, under its name is forgotten, too. The oldest first: what is
            // handed over from one name to the next is met by the order at one of them.
            foreach (var name in names.AllOf(userId).Except(ordered).Reverse().ToArray())
            {
                await order(name);
                ordered.Add(name);
            }

            var left = (await look.StoreAsync(ordered, cancellationToken)).Where(held => !IsDone(held, askedUnixMs)).ToArray();
            if (left.Length == 0)
            {
                if (names.AllOf(userId).All(ordered.Contains))
                {
                    foreach (var name in ordered)
                    {
                        // Attributes that were on their way from another name may lie behind the first one.
                        await publisher.PublishAsync(
                            Topics.Users, name, null, DateTimeOffset.FromUnixTimeMilliseconds(askedUnixMs), cancellationToken);
                    }

                    return;
                }

                continue;
            }

            if (time.GetElapsedTime(start) >= options.Value.ForgetTimeout)
            {
                var late = string.Join(", ", left.Select(held => $"store:{held.Kind}").Distinct());
                throw new RpcException(new Status(
                    StatusCode.DeadlineExceeded,
                    $"It is asked for and will be done, but of {late} it is not known after "
                        + $"{options.Value.ForgetTimeout.TotalSeconds:0.#} s. Call again for the receipt."));
            }

            await Task.Delay(LookEvery, time, cancellationToken);
        }
    }

    // Before there are layers nobody has weights on them, and Clustering waits for the layers before it reads anything.
    private bool IsDone(HeldValue held, long askedUnixMs)
        => held.IsForgotten(askedUnixMs) || (held is { Kind: "layers", IsThere: false } && catalogue.Current.Layers.Count == 0);
}
