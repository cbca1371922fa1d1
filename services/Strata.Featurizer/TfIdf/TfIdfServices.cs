namespace Strata.Featurizer.TfIdf;

internal static class TfIdfServices
{
    public static IServiceCollection AddTfIdf(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<TfIdfOptions, TfIdfOptionsValidator>().BindConfiguration(TfIdfOptions.SectionName);
        return services;
    }
}
