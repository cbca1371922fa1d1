using Google.Protobuf.WellKnownTypes;
using Strata.Contracts;
using Strata.Contracts.Users.V1;
using Strata.ServiceDefaults.Forgetting;
using Strata.Streaming.Topology;

namespace Strata.Ranking.Holdings;

/// <summary>Everywhere that records of users lie, and how long.</summary>
internal sealed class UserPlaces(ITopicAges ages, ForgottenMarks marks)
{
    // What lies on a topic by user; the acts of the training examples and of the sums name nobody.
    private static readonly (string Topic, string What)[] Logs =
    [
        (Topics.Events, "acts, queries and controls; profiles that were handed over"),
        (Topics.Users, "attributes; then a tombstone, with the user id or pseudonym"),
        (Topics.Consents, "what they allow; then a tombstone, with the user id or pseudonym"),
        (Topics.InterestPoints, "acts as points; weights that were handed over"),
        (Topics.Impressions, "slates that were shown; counts that were handed over"),
        (Topics.Quarantine.Name, "acts that look like a robot's, if there were any"),
        (Topics.DeadLettersOf(Topics.Events), "acts that could not be read, if there were any"),
        (Topics.DeadLettersOf(Topics.Users), "attributes that could not be read, if there were any"),
        (Topics.DeadLettersOf(Topics.InterestPoints), "points that could not be read, if there were any"),
        (Topics.DeadLettersOf(Topics.Impressions), "slates that could not be read, if there were any"),
    ];

    /// <summary>The logs, with until when records written up to now lie there.</summary>
    public async ValueTask<IReadOnlyList<Place>> LogsAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var places = new List<Place>(Logs.Length);
        foreach (var (topic, what) in Logs)
        {
            var longest = await ages.LongestAsync(topic, cancellationToken);
            places.Add(new Place
            {
                Name = $"topic:{topic}",
                What = longest is null ? $"{what}; the topic's settings give no time" : what,
                Until = longest is { } age ? Timestamp.FromDateTimeOffset(now + age) : null,
            });
        }

        return places;
    }

    /// <summary>What is deleted when a user is forgotten.</summary>
    public static IReadOnlyList<Place> Deleted { get; } =
    [
        new() { Name = "store:profile", Deleted = true, What = "acts, queries, terms, attributes, controls, had and dismissed, outbox" },
        new() { Name = "store:layers", Deleted = true, What = "weights on layers" },
        new()
        {
            Name = "store:policy",
            Deleted = true,
            What = "counts by layer and by arm of an experiment, items passed over, and slates whose outcome was waited for",
        },
    ];

    /// <summary>What is left behind on purpose.</summary>
    public Place MarkUntil(DateTimeOffset now) => new()
    {
        Name = "store:forgotten",
        What = "a keyed hash of the user id or pseudonym, and when they were forgotten",
        Until = Timestamp.FromDateTimeOffset(now + marks.Lifetime),
    };
}
