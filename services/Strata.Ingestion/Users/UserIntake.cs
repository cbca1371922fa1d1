using Google.Protobuf;
using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Edge.Consents;
using Strata.Edge.Requests;
using Strata.Ingestion.Telemetry;
using Strata.Ingestion.Texts;
using Strata.Ingestion.Users.Core;
using Strata.ServiceDefaults.Pseudonyms;
using Strata.Streaming.Publishing;

namespace Strata.Ingestion.Users;

/// <summary>Puts attributes of users. Answers after the broker's acknowledgement of all of them.</summary>
internal sealed class UserIntake(
    IBatchPublisher publisher,
    UserConsents consents,
    UserNames names,
    IOptions<UserOptions> options,
    TimeProvider time,
    IngestionMetrics metrics)
{
    private const string Kind = "user";

    public async Task<PutUsersResponse> PutAsync(PutUsersRequest request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var clean = Accept(request, now);
        KeyValuePair<string, IMessage>[] kept =
        [
            .. clean.Where(user => consents.Of(user.UserId).Store).Select(user => Named(user)),
        ];
        if (kept.Length > 0)
        {
            await publisher.PublishAsync(Topics.Users, "users", kept, now, metrics, cancellationToken);
        }

        metrics.Accepted(Kind, clean.Count);
        return new PutUsersResponse { Count = (uint)clean.Count };
    }

    private KeyValuePair<string, IMessage> Named(UserAttributes user)
    {
        user.UserId = names.Of(user.UserId);
        return KeyValuePair.Create(user.UserId, (IMessage)user);
    }

    private List<UserAttributes> Accept(PutUsersRequest request, DateTimeOffset now)
    {
        var violations = new Violations();
        violations.RequireBatch("users", request.Users.Count, options.Value.MaxBatch);
        var clean = new List<UserAttributes>(request.Users.Count);
        for (var i = 0; i < request.Users.Count && violations.None; i++)
        {
            clean.Add(UserRules.Clean(request.Users[i], $"users[{i}]", options.Value, now, violations));
        }

        if (!violations.None)
        {
            metrics.Rejected(Kind, violations.Found[0].Field);
            violations.Throw();
        }

        return clean;
    }
}
