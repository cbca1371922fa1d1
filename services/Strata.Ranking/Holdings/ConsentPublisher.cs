using Google.Protobuf.WellKnownTypes;
using Strata.Contracts;
using Strata.Contracts.Users.V1;
using Strata.Edge.Consents;
using Strata.ServiceDefaults.Pseudonyms;
using Strata.Streaming.Publishing;

namespace Strata.Ranking.Holdings;

/// <summary>Writes down what a user allows, and forgets them where that is nothing.</summary>
internal sealed class ConsentPublisher(
    IPublisher publisher, UserForgetting forgetting, UserConsents consents, UserNames names, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(10);

    /// <summary>What the user allows from now on, once this process goes by it.</summary>
    public async Task<GetConsentResponse> SetAsync(SetConsentRequest request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var said = new Consent { Updated = Timestamp.FromDateTimeOffset(now) };
        if (request.HasStore)
        {
            said.Store = request.Store;
        }

        if (request.HasPersonalise)
        {
            said.Personalise = request.Personalise;
        }

        // Under every name: a process that does not know the newest key yet goes by it, too.
        foreach (var name in names.AllOf(request.UserId))
        {
            said.UserId = name;
            var position = await publisher.PublishAsync(Topics.Consents, name, said, now, cancellationToken);
            while (!consents.HasRead(position))
            {
                await Task.Delay(LookEvery, time, cancellationToken);
            }
        }

        var (store, personalise) = consents.Of(request.UserId);
        if (!store)
        {
            await forgetting.ForgetAsync(request.UserId, withConsent: false, cancellationToken);
        }

        return new GetConsentResponse { Store = store, Personalise = personalise };
    }
}
