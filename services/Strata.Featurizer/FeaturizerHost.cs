using Strata.Featurizer.Activity;
using Strata.Featurizer.Embeddings;
using Strata.Featurizer.Items;
using Strata.Featurizer.Profiles;
using Strata.Featurizer.TfIdf;
using Strata.Featurizer.Tokens;
using Strata.ServiceDefaults;

namespace Strata.Featurizer;

/// <summary>The service that turns items, events and users into features, profiles, interest points and activity.</summary>
public static class FeaturizerHost
{
    /// <summary>Adds the rooms: how texts become terms and vectors, then who reads what.</summary>
    public static IHostApplicationBuilder AddFeaturizer(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddServiceDefaults("featurizer");
        builder.Services.AddTokens().AddTfIdf().AddEmbeddings().AddItems().AddProfiles().AddActivity();
        return builder;
    }

    /// <summary>Maps what every host answers; the service has no calls of its own.</summary>
    public static WebApplication MapFeaturizer(this WebApplication app) => app.MapServiceDefaults();
}
