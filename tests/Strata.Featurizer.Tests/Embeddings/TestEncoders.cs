using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Strata.Featurizer.Embeddings;
using Strata.Featurizer.Pictures;

namespace Strata.Featurizer.Tests.Embeddings;

/// <summary>The real models, loaded once for all tests.</summary>
public static class TestEncoders
{
    public static IMeterFactory Meters { get; } = new ServiceCollection()
        .AddMetrics()
        .BuildServiceProvider()
        .GetRequiredService<IMeterFactory>();

    internal static PictureEncoder Pictures { get; } = new(Options.Create(new PicturesOptions()), new PicturesMetrics(Meters));

    public static OnnxEncoder Real { get; } = new(Options.Create(new EmbeddingsOptions()), new EmbeddingsMetrics(Meters));
}
