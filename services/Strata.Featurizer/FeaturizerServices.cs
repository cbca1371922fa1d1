using Strata.Featurizer.Activity;
using Strata.Featurizer.Answers;
using Strata.Featurizer.Embeddings;
using Strata.Featurizer.Items;
using Strata.Featurizer.Pictures;
using Strata.Featurizer.Profiles;
using Strata.Featurizer.Queries;
using Strata.Featurizer.TfIdf;
using Strata.Featurizer.Tokens;
using Strata.ServiceDefaults.Forgetting;
using Strata.ServiceDefaults.State;

namespace Strata.Featurizer;

/// <summary>The service that turns items, events and users into features, profiles, interest points and activity.</summary>
public static class FeaturizerServices
{
    /// <summary>Adds the rooms: how texts become terms and vectors, then who reads what. Needs <c>AddServiceDefaults</c>.</summary>
    public static IHostApplicationBuilder AddFeaturizer(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddStateStore().AddForgetting()
            .AddTokens().AddTfIdf().AddEmbeddings().AddPictures().AddAnswers().AddQueries().AddItems().AddProfiles().AddActivity();
        return builder;
    }

    /// <summary>Maps what Ranking asks.</summary>
    public static WebApplication MapFeaturizer(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapGrpcService<TextsService>();
        return app;
    }
}
