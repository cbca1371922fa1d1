using Google.Protobuf.WellKnownTypes;
using Strata.Contracts;
using Strata.Contracts.Common.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.State.V1;
using Strata.Streaming.Records;

namespace Strata.Featurizer.Tests.Profiles;

/// <summary>Orders to hand over, and what arrives, in the log of a small world.</summary>
internal static class Moves
{
    /// <summary>Orders a user to hand over what is held of them.</summary>
    public static StreamRecord HandOver(this ProfilesWorld world, string from, string to, long minutes)
        => world.Move(EventKind.HandOver, from, new HandOver { ToUserId = to, SameUser = true }, minutes);

    /// <summary>What somebody handed over arrives.</summary>
    public static StreamRecord TakeOver(this ProfilesWorld world, string to, Profile profile, long minutes)
        => world.Move(
            EventKind.TakeOver, to, new HandOver { ToUserId = to, FromUserId = "?", SameUser = true, Profile = profile }, minutes);

    /// <summary>The same as it was sent, the one way in which it arrives.</summary>
    public static StreamRecord Deliver(this ProfilesWorld world, UserEvent sent)
        => world.Log.Append(Topics.Events, 0, sent.UserId, sent, sent.EventTime.ToDateTimeOffset());

    /// <summary>One of four users hands over to the next, or takes over from somebody.</summary>
    public static StreamRecord Move(this ProfilesWorld world, Random chance, long minutes)
    {
        var (user, item) = (chance.Next(4), $"i{chance.Next(40)}");
        if (chance.Next(3) > 0)
        {
            return world.HandOver($"u{user}", $"u{(user + 1) % 4}", minutes);
        }

        var time = ProfilesWorld.Start + ((minutes - 700) * 60_000);
        var taken = new Profile
        {
            Items = { new ProfileItem { ItemId = item, LastUnixMs = time, Kinds = 4, Count = 1.5f } },
            Terms = { new TermWeight { Term = "shared", Weight = .3f } },
            TermsAsOfUnixMs = time,
            Events = 3,
        };
        return world.TakeOver($"u{user}", taken, minutes);
    }

    private static StreamRecord Move(this ProfilesWorld world, EventKind kind, string user, HandOver order, long minutes)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(ProfilesWorld.Start + (minutes * 60_000));
        order.AskedUnixMs = time.ToUnixTimeMilliseconds();
        var (at, id) = (Timestamp.FromDateTimeOffset(time), $"h{world.Log.From(Topics.Events, 0, 0).Count}");
        return world.Deliver(new UserEvent
        {
            EventId = id,
            UserId = user,
            Kind = kind,
            EventTime = at,
            ReceivedTime = at,
            HandOver = order,
        });
    }
}
