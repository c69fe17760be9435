"""What the screens share: words, figures, session, components, charts; and a folder for each screen. With pages/ the only place that knows Streamlit."""
