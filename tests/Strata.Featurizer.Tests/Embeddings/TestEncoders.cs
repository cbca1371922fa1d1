using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Strata.Featurizer.Embeddings;

namespace Strata.Featurizer.Tests.Embeddings;

/// <summary>The real model, loaded once for all tests.</summary>
public static class TestEncoders
{
    public static IMeterFactory Meters { get; } = new ServiceCollection()
        .AddMetrics()
        .BuildServiceProvider()
        .GetRequiredService<IMeterFactory>();

    public static OnnxEncoder Real { get; } = new(Options.Create(new EmbeddingsOptions()), new EmbeddingsMetrics(Meters));
}
