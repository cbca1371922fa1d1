using System.Text;

namespace Strata.Featurizer.Embeddings;

/// <summary>Without ICU accents are not decomposed, and every text with an accent would silently get another vector.</summary>
internal sealed class IcuRequirement : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Check(text => text.Normalize(NormalizationForm.FormD));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Throws with the remedy unless <paramref name="decompose"/> takes accents apart.</summary>
    public static void Check(Func<string, string> decompose)
    {
        if (decompose("\u00e9") != "e\u0301")
        {
            throw new InvalidOperationException(
                "Accents are not decomposed: the process runs without ICU, so texts would get wrong vectors. "
                + "Install ICU (package icu-libs on Alpine, libicu on Debian and Ubuntu) "
                + "and leave InvariantGlobalization and DOTNET_SYSTEM_GLOBALIZATION_INVARIANT off.");
        }
    }
}
