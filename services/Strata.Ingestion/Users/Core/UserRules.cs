using Google.Protobuf.WellKnownTypes;
using Strata.Contracts.Catalog.V1;
using Strata.Edge.Requests;
using Strata.Ingestion.Texts;

namespace Strata.Ingestion.Users.Core;

/// <summary>Says whether a user's attributes can be taken, and makes the ones that are published. Pure.</summary>
internal static class UserRules
{
    /// <summary>The attributes to publish; only good when nothing was added to <paramref name="violations"/>.</summary>
    /// <param name="sent">What the producer sent; not changed.</param>
    /// <param name="field">Path of the user, for example "users[3]".</param>
    /// <param name="options">Limits.</param>
    /// <param name="now">Time of receipt.</param>
    /// <param name="violations">Takes what is wrong.</param>
    public static UserAttributes Clean(UserAttributes sent, string field, UserOptions options, DateTimeOffset now, Violations violations)
    {
        var clean = new UserAttributes
        {
            UserId = sent.UserId,
            AgeBand = PlainText.Normalise(sent.AgeBand),
            Gender = PlainText.Normalise(sent.Gender),
            Region = PlainText.Normalise(sent.Region),
            Updated = now.ToTimestamp(),
        };
        violations.RequireId($"{field}.user_id", clean.UserId, options.MaxIdLength);
        violations.LimitText($"{field}.age_band", clean.AgeBand, options.MaxAttributeLength);
        violations.LimitText($"{field}.gender", clean.Gender, options.MaxAttributeLength);
        violations.LimitText($"{field}.region", clean.Region, options.MaxAttributeLength);
        return clean;
    }
}
