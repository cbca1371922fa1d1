using Strata.Contracts;
using Strata.Featurizer.Answers.Core;
using Strata.Streaming;

namespace Strata.Featurizer.Answers;

internal static class AnswersServices
{
    private const string Table = "featurizer-answers";

    public static IServiceCollection AddAnswers(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<AnswersOptions, AnswersOptionsValidator>().BindConfiguration(AnswersOptions.SectionName);
        return services.AddTable<AnswerTable>(Table, Topics.ItemFeatures);
    }
}
